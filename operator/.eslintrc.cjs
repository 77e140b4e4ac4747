const { createConfigForRole } = require('@backstage/cli/config/eslint-factory');

// Not a Backstage package (no backstage.role in package.json), so the role is named here.
module.exports = createConfigForRole(__dirname, 'node-library', {
  rules: { 'no-console': 'off' },
  overrides: [
    {
      // Helpers of tests may use devDependencies, as tests do.
      files: ['src/**/testing/**'],
      rules: { '@backstage/no-undeclared-imports': 'off' },
    },
  ],
});
