/** Numeric, as an image has no names to resolve; root when left out. */
export type Owner = { uid: number; gid: number };

/** One thing in a layer; `path` is absolute in the image. Parent folders come by themselves (root's, 0755). */
export type ImageEntry =
  | { kind: 'directory'; path: string; mode: number; owner?: Owner }
  | { kind: 'file'; path: string; mode: number; source: string }
  | { kind: 'text'; path: string; mode: number; content: string }
  | { kind: 'symlink'; path: string; target: string };

export type ImageLayer = readonly ImageEntry[];

/** An image to assemble. Layers that are equal in two images are stored once by a container runtime. */
export type ImageSpec = {
  /** `<registry>/<repository>:<tag>`, as manifests name it. */
  reference: string;
  layers: readonly ImageLayer[];
  entrypoint: readonly string[];
  /** `<uid>:<gid>`: numeric, or Kubernetes cannot check runAsNonRoot. */
  user: string;
  env?: Readonly<Record<string, string>>;
};

/** An assembled image: a docker-archive, which `ctr images import`, `docker load`, kind and k3d all read. */
export type ImageArchive = { reference: string; archive: string };
