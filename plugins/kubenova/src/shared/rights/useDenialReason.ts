import { usePermission } from '@backstage/plugin-permission-react';
import type { kubenovaPermissions } from '@kubenova/plugin-kubenova-common';
import { useText } from '../../translation';

type KubenovaPermission = (typeof kubenovaPermissions)[number];

/**
 * Why the user can't do something, or nothing when they may. While the answer
 * is under way they may: the Manager decides again anyway.
 */
export function useDenialReason(
  permission: KubenovaPermission,
): string | undefined {
  const { t } = useText();
  const { allowed, loading } = usePermission({ permission });
  return loading || allowed ? undefined : t('denied');
}
