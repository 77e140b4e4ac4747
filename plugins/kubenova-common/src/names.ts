/**
 * The longest name of a cluster, tenant or application: `<tenant>-owner` and names made of it must fit into the 63 characters of a DNS
 * label.
 *
 * @public
 */
export const NAME_MAX_LENGTH = 40;

const DNS_LABEL = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;

/**
 * Says what is wrong with a name, as a sentence for the person who typed it, or `undefined` where nothing is.
 *
 * @public
 */
export function nameProblem(name: string): string | undefined {
  if (name.length === 0) {
    return 'A name is needed: lower-case letters, digits and hyphens.';
  }
  if (name.length > NAME_MAX_LENGTH) {
    return `The name has ${name.length} characters; use at most ${NAME_MAX_LENGTH}.`;
  }
  if (!DNS_LABEL.test(name)) {
    return 'Use lower-case letters, digits and hyphens; start and end with a letter or a digit.';
  }
  return undefined;
}
