import { SessionLease } from '../session/types';
import { LinkTelemetry } from './LinkTelemetry';

/** The lease, with a step of a trace for each session that is opened. */
export function observedLease(
  lease: SessionLease,
  telemetry: LinkTelemetry,
): SessionLease {
  return {
    open: request =>
      telemetry.span(
        'kubenova.link.open',
        { 'kubenova.cluster.name': request.cluster.name },
        () => lease.open(request),
      ),
    refuse: refusal => lease.refuse(refusal),
    hold: (link, session) => lease.hold(link, session),
    release: (link, reason) => lease.release(link, reason),
  };
}
