import type { Cluster } from '@kubenova/plugin-kubenova-common';
import { Status, type Tone } from '../../../shared/Status';
import { type Translate, useText } from '../../../translation';
import { COMPONENT_TONES } from '../../clusterState';
import styles from './JoinChecklist.module.css';

type JoinChecklistProps = { cluster: Cluster };

type Step = {
  id: 'token' | 'operator' | 'capsule' | 'capsule-proxy' | 'kubevela';
  tone: Tone;
  detail: string;
};

const COMPONENTS = ['capsule', 'capsule-proxy', 'kubevela'] as const;

/** How far the way from the join command to a connected datacenter is. */
export const JoinChecklist = ({ cluster }: JoinChecklistProps) => {
  const { t } = useText();
  return (
    <ol className={styles.root} aria-label={t('clusters.join.checklist')}>
      {joinSteps(cluster, t).map(({ id, tone, detail }) => (
        <li key={id}>
          <Status
            tone={tone}
            word={t(`clusters.join.step.${id}`)}
            reason={detail}
          />
        </li>
      ))}
    </ol>
  );
};

/**
 * The steps as far as the Manager knows them. A token is used by the very call
 * with which an operator introduces itself, so the first two steps can be told
 * apart only while that operator is between the two.
 */
function joinSteps(cluster: Cluster, t: Translate): Step[] {
  const done = (isDone: boolean) => ({
    tone: isDone ? ('positive' as const) : ('unknown' as const),
    detail: isDone ? t('clusters.join.done') : t('clusters.join.waiting'),
  });
  const hasEnrolled = cluster.status !== 'pending_bootstrap';
  const hasConnected = cluster.lastSeenAt !== undefined;
  const steps: Step[] = [
    { id: 'token', ...done(hasEnrolled) },
    { id: 'operator', ...done(hasConnected) },
  ];
  for (const name of COMPONENTS) {
    const component = cluster.components.find(c => c.name === name);
    if (component?.phase === 'Disabled') {
      continue;
    }
    steps.push(
      component
        ? {
            id: name,
            tone: COMPONENT_TONES[component.phase],
            detail:
              component.message ??
              t(`clusters.component.phase.${component.phase}`),
          }
        : { id: name, ...done(false) },
    );
  }
  return steps;
}
