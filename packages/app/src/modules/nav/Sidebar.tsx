import {
  Sidebar,
  SidebarDivider,
  SidebarGroup,
  SidebarItem,
  SidebarScrollWrapper,
  SidebarSpace,
} from '@backstage/core-components';
import { NavContentBlueprint } from '@backstage/plugin-app-react';
import { NotificationsSidebarItem } from '@backstage/plugin-notifications';
import { SidebarSearchModal } from '@backstage/plugin-search';
import { RiMenuLine, RiSearchLine, RiSettings3Line } from '@remixicon/react';
import { SidebarLogo } from './SidebarLogo';

/** The pages of KubeNova, in the order of the work: where, for whom, what, how much. */
const KUBENOVA_PAGES = [
  'page:kubenova/datacenters',
  'page:kubenova/tenants',
  'page:kubenova/applications',
  'page:kubenova/usage',
];

export const sidebarContent = NavContentBlueprint.make({
  params: {
    component: ({ navItems }) => {
      const nav = navItems.withComponent(item => (
        <SidebarItem icon={() => item.icon} to={item.href} text={item.title} />
      ));

      // These two have entries of their own below.
      nav.take('page:search');
      nav.take('page:notifications');
      // Graphs are opened from the entity that they are about.
      nav.take('page:catalog-graph');

      return (
        <Sidebar>
          <SidebarLogo />
          <SidebarGroup
            label="Search"
            icon={<RiSearchLine aria-hidden />}
            to="/search"
          >
            <SidebarSearchModal />
          </SidebarGroup>
          <SidebarDivider />
          <SidebarGroup label="Menu" icon={<RiMenuLine aria-hidden />}>
            {KUBENOVA_PAGES.map(id => nav.take(id))}
            <SidebarDivider />
            {nav.take('page:catalog')}
            {nav.take('page:scaffolder')}
            <SidebarScrollWrapper>
              {nav.rest({ sortBy: 'title' })}
            </SidebarScrollWrapper>
          </SidebarGroup>
          <SidebarSpace />
          <SidebarDivider />
          <NotificationsSidebarItem />
          <SidebarDivider />
          <SidebarGroup
            label="Settings"
            icon={<RiSettings3Line aria-hidden />}
            to="/settings"
          >
            {nav.take('page:user-settings')}
          </SidebarGroup>
        </Sidebar>
      );
    },
  },
});
