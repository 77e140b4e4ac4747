/** What tests of other packages need to stand on the other side of the operator's link. */
export {
  createTestCertificates,
  type TestCertificates,
} from './certificates.ts';
export { ManualClock } from './ManualClock.ts';
