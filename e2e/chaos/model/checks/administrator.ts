/** Who may write without a session: an administrator who decides about a Manager that is behind (D9), or has events replayed (E9). */
export const ADMINISTRATOR = 'administrator';
