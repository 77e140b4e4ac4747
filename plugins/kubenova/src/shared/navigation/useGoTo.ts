import { useNavigate } from 'react-router-dom';

/** Goes to a page; the only place that knows which router does it. */
export function useGoTo(): (path: string | undefined) => void {
  const navigate = useNavigate();
  return path => {
    if (path !== undefined) {
      navigate(path);
    }
  };
}
