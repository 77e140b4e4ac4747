import { Accordion, AccordionPanel, AccordionTrigger } from '@backstage/ui';
import { CopyField } from '../../../shared/CopyField';
import { useText } from '../../../translation';

type ManifestNoteProps = { manifest: string };

export const ManifestNote = ({ manifest }: ManifestNoteProps) => {
  const { t } = useText();
  return (
    <Accordion>
      <AccordionTrigger title={t('clusters.join.manifest')} />
      <AccordionPanel>
        <CopyField
          label={t('clusters.join.manifestLabel')}
          value={manifest}
          isTall
        />
      </AccordionPanel>
    </Accordion>
  );
};
