import { type ReactNode, useId } from 'react';
import { Box, Flex, Text } from '@backstage/ui';
import styles from './Section.module.css';

type SectionProps = {
  title: string;
  actions?: ReactNode;
  children: ReactNode;
};

/** A titled part of a page; a region of its own for screen readers. */
export const Section = ({ title, actions, children }: SectionProps) => {
  const id = useId();
  return (
    <Box
      as="section"
      bg="neutral"
      p="4"
      mb="4"
      className={styles.root}
      aria-labelledby={id}
    >
      <Flex justify="between" align="center" mb="3">
        <Text as="h3" variant="title-x-small" id={id}>
          {title}
        </Text>
        {actions}
      </Flex>
      {children}
    </Box>
  );
};
