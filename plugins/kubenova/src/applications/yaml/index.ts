export {
  EMPTY_FIELDS,
  fieldProblems,
  toApplicationForm,
  type FieldProblem,
  type FormFields,
} from './fields';
export {
  readYaml,
  withIdentity,
  writeYaml,
  type YamlProblem,
} from './applicationYaml';
