/*
 * The parts of prom-client that the operator loads. The package's own index loads its push gateway, its clusters and its default
 * metrics as well: 8.6 MB of memory instead of 4.3.
 */
declare module 'prom-client/lib/counter.js' {
  import { Counter } from 'prom-client';

  export default Counter;
}
declare module 'prom-client/lib/gauge.js' {
  import { Gauge } from 'prom-client';

  export default Gauge;
}
declare module 'prom-client/lib/registry.js' {
  import { Registry } from 'prom-client';

  export default Registry;
}
