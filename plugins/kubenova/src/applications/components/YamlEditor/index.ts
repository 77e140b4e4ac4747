export { LazyYamlEditor as YamlEditor } from './LazyYamlEditor';
