export { freePort } from './freePort.ts';
export { runCommand, mustRun } from './runCommand.ts';
export { waitUntil } from './waitUntil.ts';
