import { type ReactNode, useId } from 'react';
import {
  Alert,
  Button,
  Dialog,
  DialogBody,
  DialogFooter,
  DialogHeader,
  Flex,
} from '@backstage/ui';
import { useText } from '../../translation';

type FormDialogProps = {
  title: string;
  submitLabel: string;
  isPending: boolean;
  /** What is wrong with the whole; what belongs to a field stands there. */
  error?: string;
  onSubmit: () => void;
  onClose: () => void;
  children: ReactNode;
};

/** A dialog around a form, which Enter submits. */
export const FormDialog = (props: FormDialogProps) => {
  const { t } = useText();
  const formId = useId();
  return (
    <Dialog
      isOpen
      onOpenChange={isOpen => !isOpen && props.onClose()}
      width={520}
    >
      <DialogHeader>{props.title}</DialogHeader>
      <DialogBody>
        <form
          id={formId}
          noValidate
          onSubmit={event => {
            event.preventDefault();
            props.onSubmit();
          }}
        >
          <Flex direction="column" gap="4">
            {props.error && (
              <Alert role="alert" status="danger" icon title={props.error} />
            )}
            {props.children}
          </Flex>
        </form>
      </DialogBody>
      <DialogFooter>
        <Button type="submit" form={formId} isPending={props.isPending}>
          {props.submitLabel}
        </Button>
        <Button variant="secondary" onPress={props.onClose}>
          {t('confirm.cancel')}
        </Button>
      </DialogFooter>
    </Dialog>
  );
};
