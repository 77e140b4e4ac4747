/**
 * Conformance of both ends of the link: one table of transcripts, and what runs them.
 *
 * Used by the tests of the Manager and of the operator; nothing that ships imports it.
 *
 * @packageDocumentation
 */
export { Bindings, type Signed, type Signer } from './bindings.ts';
export { CASES } from './cases/index.ts';
export { FrameInbox } from './FrameInbox.ts';
export { RULES_OFF_THE_WIRE } from './rules.ts';
export {
  runCase,
  type AnyFrame,
  type CaseRun,
  type Subject,
  type Wire,
  type WireStream,
} from './runCase.ts';
export { signedText } from './signedText.ts';
export { wireEvent } from './wireEvent.ts';
export type {
  ConformanceCase,
  EndCode,
  ManagerAct,
  ManagerWorld,
  Observed,
  OperatorAct,
  OperatorWorld,
  Periods,
  Side,
  StrangeFrame,
} from './types.ts';
