/**
 * What both ends of KubeNova share: the API's client and models, permissions, error codes, names and entity references.
 *
 * @packageDocumentation
 */
export * from './annotations';
export * from './applications';
export * from './changes';
export * from './client';
export * from './clusters';
export * from './errorCodes';
export * from './names';
export * from './permissions';
export * from './tenants';
export * from './usage';
export * from './users';
