import { versionOf } from '../toolchain/pins.ts';

/** The version of what this repository makes itself. */
const ownVersion = '0.1.0';

const minorOfKubernetes = versionOf('kubernetes')
  .split('.')
  .slice(0, 2)
  .join('.');

/**
 * The images of a datacenter. None is ever pulled: ours have a registry that does not exist, and those of others have
 * the names that the charts of Capsule and KubeVela ask for.
 */
export const imageReferences = {
  pause: 'kubenova.local/pause:1',
  coredns: `kubenova.local/coredns:${versionOf('coredns')}`,
  capsule: `ghcr.io/projectcapsule/capsule:v${versionOf('capsule')}`,
  kubectl: `docker.io/clastix/kubectl:v${minorOfKubernetes}`,
  capsuleProxy: `kubenova.local/capsule-proxy-standin:${versionOf(
    'capsule-proxy-standin',
  )}`,
  velaCore: `docker.io/oamdev/vela-core:v${versionOf('vela')}`,
  // The tag that KubeVela's chart names; what is in it is our webhook-certgen.
  webhookCertgen: 'docker.io/oamdev/kube-webhook-certgen:v2.4.1',
  goHttpbin: `kubenova.local/go-httpbin:${versionOf('go-httpbin')}`,
  operator: `kubenova.local/operator:${ownVersion}`,
} as const;
