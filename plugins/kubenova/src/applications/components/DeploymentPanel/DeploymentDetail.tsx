import type { ReactNode } from 'react';
import { Accordion, AccordionPanel, AccordionTrigger } from '@backstage/ui';

type DeploymentDetailProps = {
  title: string;
  isOpen?: boolean;
  children: ReactNode;
};

export const DeploymentDetail = (props: DeploymentDetailProps) => (
  <Accordion defaultExpanded={props.isOpen}>
    <AccordionTrigger title={props.title} />
    <AccordionPanel>{props.children}</AccordionPanel>
  </Accordion>
);
