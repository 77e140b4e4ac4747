import { ADMINISTRATOR } from './administrator.ts';
import type { Observation, Violation } from '../observation.ts';

/** E4: what a session writes is written by the replica that holds the link, under the link's epoch. */
export function fencing({
  records,
  links,
  accepted,
}: Observation): Violation[] {
  const stale = [
    ...records
      .filter(
        ({ writer, holder, epoch, openEpoch }) =>
          writer !== ADMINISTRATOR &&
          (writer !== holder || epoch !== openEpoch),
      )
      .map(
        ({ cluster, name, writer, holder, epoch, openEpoch }) =>
          `record ${name} of ${cluster}: ${writer} wrote it for epoch ${epoch}, while ${holder} held epoch ${openEpoch}`,
      ),
    ...links
      .filter(
        ({ before, after, writer, holder }) =>
          after.epoch === before.epoch &&
          after.acked !== before.acked &&
          writer !== holder,
      )
      .map(
        ({ cluster, after, writer, holder }) =>
          `${writer} acknowledged ${after.acked} of ${cluster} in epoch ${after.epoch}, which ${holder} held`,
      ),
    ...accepted
      .filter(
        ({ writer, holder }) => writer !== holder && writer !== ADMINISTRATOR,
      )
      .map(
        ({ cluster, key, accepted: generation, writer, holder, epoch }) =>
          `${writer} wrote that ${cluster} has accepted generation ${generation} of ${key} in epoch ${epoch}, which ${holder} held`,
      ),
  ];
  return stale.map(detail => ({
    promise: 'no session writes once a newer one is open',
    detail,
  }));
}
