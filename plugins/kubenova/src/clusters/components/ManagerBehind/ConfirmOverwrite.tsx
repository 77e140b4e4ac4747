import {
  Alert,
  Button,
  Dialog,
  DialogBody,
  DialogFooter,
  DialogHeader,
  Flex,
} from '@backstage/ui';
import type { BehindEntry } from '@kubenova/plugin-kubenova-common';
import { ConfirmByName } from '../../../shared/ConfirmByName';
import { errorSentence } from '../../../shared/errors';
import { useText } from '../../../translation';

type ConfirmOverwriteProps = {
  cluster: string;
  entries: BehindEntry[];
  isPending: boolean;
  /** Why the last attempt was refused. */
  error?: Error | null;
  onConfirm: () => void;
  onClose: () => void;
};

/**
 * Says what would be lost, and asks once more. Where objects would be deleted
 * in the datacenter, its name has to be typed.
 */
export const ConfirmOverwrite = (props: ConfirmOverwriteProps) => {
  const { t } = useText();
  const { cluster, entries } = props;
  const deleted = entries.filter(isDeletedByOverwriting);
  const changed = entries.filter(entry => !isDeletedByOverwriting(entry));
  const title = t('clusters.behind.confirm.title', {
    n: String(entries.length),
    name: cluster,
  });
  const consequences = (
    <Flex direction="column" gap="3">
      <Keys title={t('clusters.behind.confirm.deleted')} entries={deleted} />
      <Keys title={t('clusters.behind.confirm.lost')} entries={changed} />
    </Flex>
  );
  if (deleted.length > 0) {
    return (
      <ConfirmByName
        title={title}
        name={cluster}
        consequences={consequences}
        confirmLabel={t('clusters.behind.confirm.button')}
        isPending={props.isPending}
        error={props.error}
        onConfirm={props.onConfirm}
        onClose={props.onClose}
      />
    );
  }
  return (
    <Dialog
      isOpen
      onOpenChange={isOpen => !isOpen && props.onClose()}
      width={480}
    >
      <DialogHeader>{title}</DialogHeader>
      <DialogBody>
        {consequences}
        {props.error && (
          <Alert
            role="alert"
            status="danger"
            icon
            title={errorSentence(props.error)}
          />
        )}
      </DialogBody>
      <DialogFooter>
        <Button
          destructive
          isPending={props.isPending}
          onPress={props.onConfirm}
        >
          {t('clusters.behind.confirm.button')}
        </Button>
        <Button variant="secondary" onPress={props.onClose}>
          {t('confirm.cancel')}
        </Button>
      </DialogFooter>
    </Dialog>
  );
};

/** What is not wanted here, and another object of a name, are deleted there. */
function isDeletedByOverwriting({ operator, manager }: BehindEntry): boolean {
  const isWanted = manager && !manager.deleted && manager.uid === operator.uid;
  return !isWanted && !operator.deleted;
}

function Keys({ title, entries }: { title: string; entries: BehindEntry[] }) {
  return entries.length > 0 ? (
    <div>
      {title}
      <ul>
        {entries.map(({ key }) => (
          <li key={key}>{key}</li>
        ))}
      </ul>
    </div>
  ) : null;
}
