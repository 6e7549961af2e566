// The nested type that every file of the engine names.
global using Tensor = TorchSharp.torch.Tensor;
