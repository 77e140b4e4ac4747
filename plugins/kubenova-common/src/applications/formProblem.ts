import type { ApplicationForm } from '../client/models';

const CPU = /^\d+(\.\d+)?m?$/;
const MEMORY = /^\d+(\.\d+)?([kMGTPE]|[KMGTPE]i)?$/;

/**
 * Says what is wrong with the plain form beyond what the API's schema says, as a sentence, or `undefined` where nothing is.
 *
 * @public
 */
export function formProblem(form: ApplicationForm): string | undefined {
  if (/\s/.test(form.image)) {
    return 'The image has a space in it; give a reference such as nginx:1.29.';
  }
  if (form.cpu !== undefined && !CPU.test(form.cpu)) {
    return `The CPU ${form.cpu} is not a quantity; write 0.5 or 500m.`;
  }
  if (form.memory !== undefined && !MEMORY.test(form.memory)) {
    return `The memory ${form.memory} is not a quantity; write 64Mi or 1Gi.`;
  }
  return undefined;
}
