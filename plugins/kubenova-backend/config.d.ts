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
    };
  };
}
