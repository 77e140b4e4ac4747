export * from './createUsageRouter';
export * from './DatabaseUsageStore';
export * from './projection';
export * from './UsageService';
export * from './UsageStore';
