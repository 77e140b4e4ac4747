export * from './eachItem';
export * from './KubenovaApi';
export * from './KubenovaClient';
export * from './models';
