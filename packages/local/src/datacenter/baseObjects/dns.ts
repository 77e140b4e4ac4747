import type { KubernetesObject } from '@kubernetes/client-node';
import { DNS_SERVICE_ADDRESS } from '../layout.ts';

const PORT = 1053;
const name = 'coredns';
const namespace = 'kube-system';
const labels = { 'k8s-app': 'kube-dns' };

/** Names of the cluster are answered; all others do not exist, since there is no outside to ask. */
const COREFILE = `cluster.local:${PORT} in-addr.arpa:${PORT} ip6.arpa:${PORT} {
    errors
    health :8080
    ready :8181
    kubernetes cluster.local in-addr.arpa ip6.arpa {
        pods insecure
    }
    cache 30
}
.:${PORT} {
    errors
    template ANY ANY {
        rcode NXDOMAIN
    }
}
`;

const rights: KubernetesObject[] = [
  {
    apiVersion: 'v1',
    kind: 'ServiceAccount',
    metadata: { name, namespace },
  },
  {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'ClusterRole',
    metadata: { name: 'system:coredns' },
    rules: [
      {
        apiGroups: [''],
        resources: ['services', 'pods', 'namespaces'],
        verbs: ['list', 'watch'],
      },
      {
        apiGroups: ['discovery.k8s.io'],
        resources: ['endpointslices'],
        verbs: ['list', 'watch'],
      },
    ],
  } as KubernetesObject,
  {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'ClusterRoleBinding',
    metadata: { name: 'system:coredns' },
    roleRef: {
      apiGroup: 'rbac.authorization.k8s.io',
      kind: 'ClusterRole',
      name: 'system:coredns',
    },
    subjects: [{ kind: 'ServiceAccount', name, namespace }],
  } as KubernetesObject,
];

function podSpec(image: string): object {
  const probe = (path: string, port: number) => ({ httpGet: { path, port } });
  return {
    serviceAccountName: name,
    priorityClassName: 'system-cluster-critical',
    // The node's resolv.conf, which names nobody: CoreDNS must not ask itself.
    dnsPolicy: 'Default',
    containers: [
      {
        name,
        image,
        imagePullPolicy: 'IfNotPresent',
        args: ['-conf', '/etc/coredns/Corefile'],
        ports: [
          { name: 'dns', containerPort: PORT, protocol: 'UDP' },
          { name: 'dns-tcp', containerPort: PORT, protocol: 'TCP' },
        ],
        resources: {
          requests: { cpu: '20m', memory: '40Mi' },
          limits: { memory: '170Mi' },
        },
        readinessProbe: { ...probe('/ready', 8181), periodSeconds: 1 },
        livenessProbe: { ...probe('/health', 8080), initialDelaySeconds: 30 },
        securityContext: {
          allowPrivilegeEscalation: false,
          capabilities: { drop: ['ALL'] },
          readOnlyRootFilesystem: true,
          runAsNonRoot: true,
          runAsUser: 65532,
          runAsGroup: 65532,
        },
        volumeMounts: [{ name: 'config', mountPath: '/etc/coredns' }],
      },
    ],
    volumes: [{ name: 'config', configMap: { name } }],
  };
}

/** CoreDNS, at the address that every pod's resolv.conf names. */
export function dnsObjects(image: string): KubernetesObject[] {
  return [
    ...rights,
    {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name, namespace },
      data: { Corefile: COREFILE },
    } as KubernetesObject,
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'kube-dns', namespace, labels },
      spec: {
        clusterIP: DNS_SERVICE_ADDRESS,
        selector: labels,
        ports: [
          { name: 'dns', port: 53, targetPort: PORT, protocol: 'UDP' },
          { name: 'dns-tcp', port: 53, targetPort: PORT, protocol: 'TCP' },
        ],
      },
    } as KubernetesObject,
    {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name, namespace, labels },
      spec: {
        replicas: 1,
        selector: { matchLabels: labels },
        template: { metadata: { labels }, spec: podSpec(image) },
      },
    } as KubernetesObject,
  ];
}
