import { useEffect } from 'react';
import {
  Alert,
  Button,
  Dialog,
  DialogBody,
  DialogFooter,
  DialogHeader,
  Flex,
  Text,
} from '@backstage/ui';
import type { LinkDiagnostics } from '@kubenova/plugin-kubenova-common';
import { DateTime } from 'luxon';
import { Age } from '../../../shared/Age';
import { CopyField } from '../../../shared/CopyField';
import { errorSentence } from '../../../shared/errors';
import { Facts } from '../../../shared/Facts';
import { ProgressBar } from '../../../shared/ProgressBar';
import { useText } from '../../../translation';
import { useDiagnoseOperator } from '../../hooks';
import { inMib } from '../../linkNumbers';
import { JournalLevel } from './JournalLevel';

type DiagnosticsProps = { cluster: string; onClose: () => void };

/** What the operator tells of itself, asked when this opens. */
export const Diagnostics = ({ cluster, onClose }: DiagnosticsProps) => {
  const { t } = useText();
  const { mutate, data, error } = useDiagnoseOperator(cluster);
  useEffect(() => mutate(), [mutate]);
  return (
    <Dialog isOpen onOpenChange={isOpen => !isOpen && onClose()} width={720}>
      <DialogHeader>
        {t('clusters.link.diagnostics.title', { name: cluster })}
      </DialogHeader>
      <DialogBody>
        {error && (
          <Alert
            role="alert"
            status="danger"
            icon
            title={t('clusters.link.diagnostics.failed')}
            description={errorSentence(error)}
          />
        )}
        {!error && !data && <ProgressBar label={t('state.loading')} />}
        {data && <Told diagnostics={data} />}
      </DialogBody>
      <DialogFooter>
        <Button variant="secondary" onPress={onClose}>
          {t('clusters.link.diagnostics.close')}
        </Button>
      </DialogFooter>
    </Dialog>
  );
};

function Told({ diagnostics }: { diagnostics: LinkDiagnostics }) {
  const { t } = useText();
  const { takenAt, uptimeSeconds, recentErrors } = diagnostics;
  const startedAt =
    DateTime.fromISO(takenAt, { zone: 'utc' })
      .minus({ seconds: uptimeSeconds })
      .toISO() ?? takenAt;
  return (
    <Flex direction="column" gap="4">
      <Facts
        facts={[
          {
            label: t('clusters.link.operator'),
            value: diagnostics.operatorVersion,
          },
          {
            label: t('clusters.link.kubernetes'),
            value: diagnostics.kubernetesVersion,
          },
          {
            label: t('clusters.link.diagnostics.node'),
            value: diagnostics.nodeVersion,
          },
          {
            label: t('clusters.link.diagnostics.uptime'),
            value: <Age at={startedAt} />,
          },
          {
            label: t('clusters.link.diagnostics.memory'),
            value: inMib(diagnostics.rssBytes),
          },
          {
            label: t('clusters.link.diagnostics.lease'),
            value:
              diagnostics.leaseHolder ?? t('clusters.link.diagnostics.nobody'),
          },
          {
            label: t('clusters.link.diagnostics.sequences'),
            value: `${diagnostics.ackedSeq} / ${diagnostics.assignedSeq}`,
          },
          {
            label: t('clusters.link.journal'),
            value: <JournalLevel journal={diagnostics.journal} />,
          },
        ]}
      />
      {recentErrors.length > 0 && (
        <Text as="p" color="secondary">
          {`${t('clusters.link.diagnostics.problems')}: ${recentErrors
            .map(({ message }) => message)
            .join('; ')}`}
        </Text>
      )}
      <CopyField
        label={t('clusters.link.diagnostics.raw')}
        value={JSON.stringify(diagnostics, undefined, 2)}
        isTall
      />
    </Flex>
  );
}
