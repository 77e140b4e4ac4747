/** The operator's release. A test holds it to package.json, which the bundle does not contain. */
export const version = '0.1.0';
