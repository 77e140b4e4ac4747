/**
 * A star with four rays over an orbit of three datacenters: one portal, many
 * places. Drawn on a 32 by 32 grid.
 */
export const LogoMark = () => (
  <g fill="none">
    <circle
      cx="16"
      cy="16"
      r="12"
      stroke="#6f8cff"
      strokeWidth="2"
      opacity="0.7"
    />
    <path
      d="M16 5c.9 7 4 10.1 11 11-7 .9-10.1 4-11 11-.9-7-4-10.1-11-11 7-.9 10.1-4 11-11z"
      fill="#fff"
    />
    <circle cx="24.5" cy="7.5" r="3" fill="#5ce0c6" />
    <circle cx="7.5" cy="7.5" r="3" fill="#6f8cff" />
    <circle cx="16" cy="28" r="3" fill="#ffb457" />
  </g>
);

export const LogoIcon = () => (
  <svg width="28" height="28" viewBox="0 0 32 32" aria-hidden focusable="false">
    <LogoMark />
  </svg>
);
