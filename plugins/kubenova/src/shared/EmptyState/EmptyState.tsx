import type { ReactNode } from 'react';
import { Flex, Text } from '@backstage/ui';
import styles from './EmptyState.module.css';

type EmptyStateProps = {
  /** Why there is nothing. */
  title: string;
  /** What to do next. */
  description: string;
  icon?: ReactNode;
  action?: ReactNode;
};

export const EmptyState = (props: EmptyStateProps) => (
  <Flex
    direction="column"
    align="center"
    gap="2"
    p="8"
    className={styles.root}
    role="status"
  >
    {props.icon && <span className={styles.icon}>{props.icon}</span>}
    <Text as="h3" variant="title-x-small">
      {props.title}
    </Text>
    <Text variant="body-medium" color="secondary" className={styles.text}>
      {props.description}
    </Text>
    {props.action}
  </Flex>
);
