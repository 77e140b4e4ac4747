export * from './administrators';
export * from './createUserRouter';
export * from './DatabaseUserStore';
export * from './types';
export * from './UserService';
export * from './UserStore';
