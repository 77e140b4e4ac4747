import { type ReactNode, useState } from 'react';
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
import { useText } from '../../translation';
import { errorSentence } from '../errors';
import { ValidatedTextField } from '../fields';

type ConfirmByNameProps = {
  title: string;
  /** What has to be typed. */
  name: string;
  /** What will be gone. */
  consequences: ReactNode;
  confirmLabel: string;
  isPending: boolean;
  /** Why the last attempt was refused. */
  error?: Error | null;
  onConfirm: () => void;
  onClose: () => void;
};

/** Asks for the name of what is about to be deleted. */
export const ConfirmByName = (props: ConfirmByNameProps) => {
  const { t } = useText();
  const [typed, setTyped] = useState('');
  const matches = typed === props.name;
  return (
    <Dialog
      isOpen
      onOpenChange={isOpen => !isOpen && props.onClose()}
      width={480}
    >
      <DialogHeader>{props.title}</DialogHeader>
      <DialogBody>
        <Flex direction="column" gap="4">
          <Text as="div" variant="body-medium">
            {props.consequences}
          </Text>
          {props.error && (
            <Alert
              role="alert"
              status="danger"
              icon
              title={errorSentence(props.error)}
            />
          )}
          <ValidatedTextField
            label={t('confirm.label', { name: props.name })}
            value={typed}
            onChange={setTyped}
            isFirstInDialog
          />
        </Flex>
      </DialogBody>
      <DialogFooter>
        <Button
          destructive
          isDisabled={!matches}
          isPending={props.isPending}
          onPress={props.onConfirm}
        >
          {props.confirmLabel}
        </Button>
        <Button variant="secondary" onPress={props.onClose}>
          {t('confirm.cancel')}
        </Button>
      </DialogFooter>
    </Dialog>
  );
};
