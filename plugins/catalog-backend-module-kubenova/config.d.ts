export interface Config {
  kubenova?: {
    catalog?: {
      /**
       * Entity reference of the team that owns the clusters; `group:default/platform` if left out.
       */
      platformOwner?: string;
    };
  };
}
