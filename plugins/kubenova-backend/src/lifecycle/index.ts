export * from './createLifecycleRouter';
export * from './DatabaseLifecycleStore';
export * from './LifecycleService';
export * from './projection';
