export { AddCluster } from './AddCluster';
