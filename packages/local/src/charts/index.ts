export { chartFileName, charts, type Chart } from './charts.ts';
