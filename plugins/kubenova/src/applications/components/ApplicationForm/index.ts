export { DeployPage } from './DeployPage';
export { EditPage } from './EditPage';
