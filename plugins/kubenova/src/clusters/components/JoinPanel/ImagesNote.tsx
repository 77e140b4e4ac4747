import {
  Accordion,
  AccordionPanel,
  AccordionTrigger,
  Flex,
  Text,
} from '@backstage/ui';
import { CopyField } from '../../../shared/CopyField';
import { useText } from '../../../translation';

/** Built by this installation; no registry has them. */
const OWN_IMAGES = [
  'kubenova.local/operator:0.1.0',
  'kubenova.local/capsule-proxy-standin:0.1.0',
];

const PULLED_IMAGES = [
  'ghcr.io/projectcapsule/capsule:v0.14.0',
  'docker.io/clastix/kubectl:v1.36',
  'docker.io/oamdev/vela-core:v1.10.9',
  'docker.io/oamdev/kube-webhook-certgen:v2.4.1',
];

const LOAD_COMMANDS = [
  './kubenova image save operator',
  './kubenova image save capsule-proxy',
  'kind load image-archive operator.tar',
  'kind load image-archive capsule-proxy.tar',
  '# or: k3d image import operator.tar capsule-proxy.tar',
].join('\n');

/** What a cluster outside of this machine has to be given first. */
export const ImagesNote = () => {
  const { t } = useText();
  return (
    <Accordion>
      <AccordionTrigger title={t('clusters.join.imagesTitle')} />
      <AccordionPanel>
        <Flex direction="column" gap="3">
          <Text as="p">{t('clusters.join.imagesLoad')}</Text>
          <ImageList images={OWN_IMAGES} />
          <CopyField
            label={t('clusters.join.loadCommands')}
            value={LOAD_COMMANDS}
          />
          <Text as="p">{t('clusters.join.imagesPull')}</Text>
          <ImageList images={PULLED_IMAGES} />
        </Flex>
      </AccordionPanel>
    </Accordion>
  );
};

function ImageList({ images }: { images: readonly string[] }) {
  return (
    <ul>
      {images.map(image => (
        <li key={image}>
          <code>{image}</code>
        </li>
      ))}
    </ul>
  );
}
