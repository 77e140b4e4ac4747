export { createQueryClient } from './queryClient';
export { queryWrapper } from './queryWrapper';
export { readAll } from './pages';
