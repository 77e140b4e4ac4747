export { startControlPlane, type ControlPlane } from './startControlPlane.ts';
