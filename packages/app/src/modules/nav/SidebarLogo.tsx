import { Link, useSidebarOpenState } from '@backstage/core-components';
import { LogoFull } from './LogoFull';
import { LogoIcon } from './LogoIcon';
import styles from './SidebarLogo.module.css';

export const SidebarLogo = () => {
  const { isOpen } = useSidebarOpenState();
  return (
    <Link
      to="/"
      underline="none"
      className={styles.root}
      aria-label="KubeNova home"
    >
      {isOpen ? <LogoFull /> : <LogoIcon />}
    </Link>
  );
};
