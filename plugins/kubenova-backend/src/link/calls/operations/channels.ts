/** Nudges the replica that holds the link: a question waits, may go on, or is not waited for any more. Payload: the cluster's id. */
export const CALLS_CHANNEL = 'kubenova_calls';

/** Nudges the replica that asked: parts of the answer are there, or there will be none. Payload: the call's id. */
export const ANSWERS_CHANNEL = 'kubenova_answers';
