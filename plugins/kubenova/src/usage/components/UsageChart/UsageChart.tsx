import {
  Bar,
  BarChart,
  CartesianGrid,
  Legend,
  ReferenceArea,
  ResponsiveContainer,
  Tooltip,
  XAxis,
  YAxis,
} from 'recharts';
import type { Bucket } from '../../buckets';
import { HATCH_ID, HatchKey, HatchPattern } from './hatch';
import styles from './UsageChart.module.css';

type UsageChartProps = {
  /** What the chart shows, for those who don't see it. */
  summary: string;
  buckets: readonly Bucket[];
  /** In the order in which they are stacked. */
  tenants: readonly string[];
};

/** Told apart in light and dark, and by people who see colours differently. */
const COLOURS = [
  '#4c78ff',
  '#f28e2b',
  '#2ca58d',
  '#b565d9',
  '#e15759',
  '#8c8c2e',
];

// By itself recharts writes a name in its bar's colour, which is too faint.
const LegendText = ({ tenant }: { tenant: string }) => (
  <span className={styles.legend}>{tenant}</span>
);

/** Bars stacked by tenant; what nobody has seen is hatched, not empty. */
export const UsageChart = ({ summary, buckets, tenants }: UsageChartProps) => {
  const data = buckets.map(({ label, values }) => ({ label, ...values }));
  return (
    <figure className={styles.root} aria-label={summary}>
      <ResponsiveContainer width="100%" height={280}>
        <BarChart data={data} margin={{ top: 8, right: 8, bottom: 0, left: 0 }}>
          <defs>
            <HatchPattern />
          </defs>
          <CartesianGrid vertical={false} stroke="var(--bui-border-1)" />
          <XAxis
            dataKey="label"
            tick={{ fill: 'var(--bui-fg-secondary)', fontSize: 11 }}
            minTickGap={24}
          />
          <YAxis
            tick={{ fill: 'var(--bui-fg-secondary)', fontSize: 11 }}
            width={48}
          />
          {buckets
            .filter(({ hasGap, isPartial }) => hasGap || isPartial)
            .map(({ label, hasGap }) => (
              <ReferenceArea
                key={label}
                x1={label}
                x2={label}
                fill={`url(#${HATCH_ID})`}
                fillOpacity={hasGap ? 1 : 0.4}
                ifOverflow="visible"
              />
            ))}
          <Tooltip
            cursor={{ fill: 'var(--bui-bg-neutral-2)' }}
            contentStyle={{
              background: 'var(--bui-bg-app)',
              border: '1px solid var(--bui-border-2)',
              color: 'var(--bui-fg-primary)',
            }}
          />
          <Legend formatter={tenant => <LegendText tenant={tenant} />} />
          {tenants.map((tenant, index) => (
            <Bar
              key={tenant}
              dataKey={tenant}
              stackId="tenants"
              fill={COLOURS[index % COLOURS.length]}
              isAnimationActive={false}
            />
          ))}
        </BarChart>
      </ResponsiveContainer>
      <HatchKey buckets={buckets} />
    </figure>
  );
};
