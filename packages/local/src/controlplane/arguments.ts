import type { Pki } from './pki.ts';

/** Arguments of etcd on loopback, reached with certificates of its own authority only. */
export function etcdArguments(options: {
  pki: Pki;
  dataDir: string;
  clientPort: number;
  peerPort: number;
}): string[] {
  const { pki } = options;
  const client = `https://127.0.0.1:${options.clientPort}`;
  const peer = `http://127.0.0.1:${options.peerPort}`;
  const server = pki.pair('etcd');
  return [
    `--data-dir=${options.dataDir}`,
    // Losing the last seconds when the machine itself dies is fine for a local cluster; waiting for the disk is not.
    '--unsafe-no-fsync',
    `--listen-client-urls=${client}`,
    `--advertise-client-urls=${client}`,
    `--listen-peer-urls=${peer}`,
    `--initial-advertise-peer-urls=${peer}`,
    `--initial-cluster=default=${peer}`,
    '--client-cert-auth',
    `--trusted-ca-file=${pki.etcdCa}`,
    `--cert-file=${server.certificate}`,
    `--key-file=${server.key}`,
    '--log-level=warn',
  ];
}

/** Arguments that every API server of ours has, whether or not a node belongs to it. */
export function apiServerArguments(options: {
  pki: Pki;
  etcdPort: number;
  bindAddress: string;
  port: number;
  authorizationMode: string;
}): string[] {
  const { pki } = options;
  const server = pki.pair('kube-apiserver');
  const etcdClient = pki.pair('etcd-client');
  return [
    `--etcd-servers=https://127.0.0.1:${options.etcdPort}`,
    `--etcd-cafile=${pki.etcdCa}`,
    `--etcd-certfile=${etcdClient.certificate}`,
    `--etcd-keyfile=${etcdClient.key}`,
    `--bind-address=${options.bindAddress}`,
    `--secure-port=${options.port}`,
    `--authorization-mode=${options.authorizationMode}`,
    `--client-ca-file=${pki.ca}`,
    `--tls-cert-file=${server.certificate}`,
    `--tls-private-key-file=${server.key}`,
    '--service-account-issuer=https://kubernetes.default.svc.cluster.local',
    `--service-account-key-file=${pki.serviceAccountPublicKey}`,
    `--service-account-signing-key-file=${pki.serviceAccountKey}`,
    '--allow-privileged',
    '--profiling=false',
  ];
}
