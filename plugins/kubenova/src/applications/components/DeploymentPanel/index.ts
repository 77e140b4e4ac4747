export { DeploymentPanel } from './DeploymentPanel';
