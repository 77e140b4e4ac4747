import { LogoMark } from './LogoIcon';

export const LogoFull = () => (
  <svg
    width="150"
    height="28"
    viewBox="0 0 172 32"
    aria-hidden
    focusable="false"
  >
    <LogoMark />
    <text
      x="42"
      y="23"
      fill="#fff"
      fontFamily="inherit"
      fontSize="20"
      fontWeight="600"
      letterSpacing="0.2"
    >
      Kube
      <tspan fill="#5ce0c6">Nova</tspan>
    </text>
  </svg>
);
