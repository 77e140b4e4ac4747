export interface Config {
  kubenova: {
    /**
     * The key with which KubeNova encrypts what it keeps secret in its database: 32 bytes in base64, e.g. from
     * `openssl rand -base64 32`. Without it the portal does not start.
     *
     * @visibility secret
     */
    encryptionKey: string;

    /** How operators reach this installation. It has nothing to do with backend.baseUrl. */
    link: {
      /** Where the link listens: host:port. Replicas may all use the same. */
      listen: string;
      /** How operators reach it: https://host:port. The default is the address of `listen`. */
      publicUrl?: string;
      /** A certificate of one's own. Without one, the replicas share a CA that is kept encrypted in the database. */
      tls?: {
        /** Path of the certificate with its chain, in PEM. */
        certFile: string;
        /** Path of the private key, in PEM. */
        keyFile: string;
        /** Path of the CA that operators pin, in PEM. */
        caFile: string;
      };
      /**
       * How much one replica lets in. `burst` is how often at once, `perMinute` how often in each minute that follows. Who asks more often is
       * told when to try again.
       */
      limits?: {
        /** Enrolments from one address; default 2000 and 1200. */
        enrolmentsPerAddress?: { burst?: number; perMinute?: number };
        /** Enrolments for one cluster from one address; default 30 and 30. */
        enrolmentsPerCluster?: { burst?: number; perMinute?: number };
        /** Join manifests asked for from one address; default 300 and 300. */
        manifestsPerAddress?: { burst?: number; perMinute?: number };
        /** Sessions from one address; default 10000 and 10000, as all may come through one load balancer. */
        sessionsPerAddress?: { burst?: number; perMinute?: number };
        /** Sessions of one cluster; default 60 and 60. */
        sessionsPerCluster?: { burst?: number; perMinute?: number };
        /** Refusals of one cluster's operator that are written down; default 5 and 30. */
        refusalsWrittenPerCluster?: { burst?: number; perMinute?: number };
        /** Sessions at once; default 5000. */
        sessions?: number;
        /** Those of them that have not said yet who they are; default 1000. */
        unopenedSessions?: number;
      };
    };
  };
}
