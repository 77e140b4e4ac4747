export const pluginId = 'kubenova';
