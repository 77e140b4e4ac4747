export * from './SignalChangeNotifier';
