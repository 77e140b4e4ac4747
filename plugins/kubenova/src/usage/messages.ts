export const usageMessages = {
  title: 'Usage',
  intro:
    'What tenants request, sampled each minute and closed each hour. Times are UTC.',
  filter: {
    label: 'Filters',
    range: 'Range',
    tenant: 'Tenant',
    meter: 'Chart of',
    allTenants: 'All tenants',
    last24h: 'Last 24 hours',
    last7d: 'Last 7 days',
    last30d: 'Last 30 days',
  },
  meter: {
    cpuRequestCoreHours: 'CPU (core-hours)',
    memoryRequestGibHours: 'Memory (GiB-hours)',
    pvcCapacityGibHours: 'Volumes (GiB-hours)',
    loadBalancerHours: 'Load balancers (hours)',
    namespaceHours: 'Namespaces (hours)',
    podHours: 'Pods (hours)',
    applicationHours: 'Applications (hours)',
  },
  period: 'From {{from}} to {{to}} UTC, of hours that are over.',
  chart: {
    title: '{{meter}} by tenant',
    noData: 'No data for part of it',
    partial: 'Partly seen',
    perHour: 'Each bar is an hour.',
    perDay: 'Each bar is a day.',
    summary:
      'Chart of {{meter}} by tenant; the table below has the same figures.',
  },
  table: {
    title: 'Usage by tenant',
    tenant: 'Tenant',
    data: 'Data',
    total: 'Total',
    complete: 'Complete',
    incomplete: 'Incomplete',
    noData: 'no data {{span}}, {{cluster}}',
    partial: 'partly seen: {{hours}} h, {{cluster}}',
    more: 'and {{number}} more',
  },
  empty: {
    title: 'No usage in this range',
    description:
      'Usage appears when an hour is over: the first after a tenant has been placed in a connected datacenter. Hours without data are not zero, they are unknown.',
  },
} as const;
