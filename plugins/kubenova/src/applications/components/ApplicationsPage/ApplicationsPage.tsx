import { Route, Routes } from 'react-router-dom';
import { DeployPage, EditPage } from '../ApplicationForm';
import { ApplicationList } from '../ApplicationList';
import { ApplicationPage } from '../ApplicationPage';

export const ApplicationsPage = () => (
  <Routes>
    <Route index element={<ApplicationList />} />
    <Route path="deploy" element={<DeployPage />} />
    <Route path=":applicationId" element={<ApplicationPage />} />
    <Route path=":applicationId/edit" element={<EditPage />} />
  </Routes>
);
