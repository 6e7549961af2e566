using System.Runtime.CompilerServices;
using TorchSharp.Autograd;
using TorchSharp.Kernels;

namespace TorchSharp;

public static partial class torch
{
    // Index expressions: x[...] to read and to write. Numbers and ranges give views; masks and index tensors give copies.
    public partial class Tensor
    {
        /// <summary>The part of this tensor that an index expression names: a view, unless a mask or an index tensor is among the indices.</summary>
        /// <remarks>The rules are NumPy's and PyTorch's. Dimensions that no index names are taken whole.</remarks>
        /// <exception cref="System.Runtime.InteropServices.ExternalException">An index is out of range, or the indices don't fit this shape or each other.</exception>
        [IndexerName("TensorItems")]
        public Tensor this[params TensorIndex[] indices]
        {
            get => index(indices);
            set => SetIndexed(indices, value);
        }

        /// <summary>The elements that masks and index tensors name, for the first dimensions.</summary>
        [IndexerName("TensorItems")]
        public Tensor this[params Tensor[] indices]
        {
            get => index(indices);
            set => SetIndexed(AsIndices(indices), value);
        }

        /// <summary>A view at one place of the first dimension; negative from the back.</summary>
        [IndexerName("TensorItems")]
        public Tensor this[long i1]
        {
            get => SelectAll(i1);
            set => SetSelected(value, i1);
        }

        /// <summary>A view at one place of the first two dimensions.</summary>
        [IndexerName("TensorItems")]
        public Tensor this[long i1, long i2]
        {
            get => SelectAll(i1, i2);
            set => SetSelected(value, i1, i2);
        }

        /// <summary>A view at one place of the first three dimensions.</summary>
        [IndexerName("TensorItems")]
        public Tensor this[long i1, long i2, long i3]
        {
            get => SelectAll(i1, i2, i3);
            set => SetSelected(value, i1, i2, i3);
        }

        /// <summary>A view at one place of the first four dimensions.</summary>
        [IndexerName("TensorItems")]
        public Tensor this[long i1, long i2, long i3, long i4]
        {
            get => SelectAll(i1, i2, i3, i4);
            set => SetSelected(value, i1, i2, i3, i4);
        }

        /// <summary>A view at one place of the first five dimensions.</summary>
        [IndexerName("TensorItems")]
        public Tensor this[long i1, long i2, long i3, long i4, long i5]
        {
            get => SelectAll(i1, i2, i3, i4, i5);
            set => SetSelected(value, i1, i2, i3, i4, i5);
        }

        /// <summary>A view at one place of the first six dimensions.</summary>
        [IndexerName("TensorItems")]
        public Tensor this[long i1, long i2, long i3, long i4, long i5, long i6]
        {
            get => SelectAll(i1, i2, i3, i4, i5, i6);
            set => SetSelected(value, i1, i2, i3, i4, i5, i6);
        }

        /// <summary>A view at one place of the first dimensions.</summary>
        [IndexerName("TensorItems")]
        public Tensor this[params long[] indices]
        {
            get => SelectAll(indices);
            set => SetSelected(value, indices);
        }

        /// <summary>The part of this tensor that an index expression names.</summary>
        public Tensor index(params TensorIndex[] indices)
        {
            ArgumentNullException.ThrowIfNull(indices);
            var (view, selection) = Resolve("index", indices);
            if (selection is null)
            {
                return ReferenceEquals(view, this) ? alias() : view;
            }

            using (Temporary(view))
            {
                return view.Take("index", selection);
            }
        }

        /// <summary>The elements that masks and index tensors name, for the first dimensions.</summary>
        public Tensor index(params Tensor[] indices) => index(AsIndices(indices));

        /// <summary>Writes values, which broadcast, to the places that an index expression names.</summary>
        public Tensor index_put_(Tensor value, params TensorIndex[] indices) => index_put_(value, indices, false);

        /// <summary>Writes values, which broadcast, to the places that masks and index tensors name.</summary>
        public Tensor index_put_(Tensor value, params Tensor[] indices) => index_put_(value, AsIndices(indices), false);

        /// <summary>Writes a number to the places that an index expression names.</summary>
        public Tensor index_put_(Scalar value, params TensorIndex[] indices)
        {
            using var number = Number(value);
            return index_put_(number, indices, false);
        }

        /// <summary>Writes a number to the places that masks and index tensors name.</summary>
        public Tensor index_put_(Scalar value, params Tensor[] indices) => index_put_(value, AsIndices(indices));

        /// <summary>Writes values to the places that masks and index tensors name, or adds them there.</summary>
        public Tensor index_put_(Tensor value, Tensor[] indices, bool accumulate = false) => index_put_(value, AsIndices(indices), accumulate);

        /// <summary>Writes values to the places that an index expression names, or adds them there.</summary>
        /// <param name="value">The values, which broadcast; of this type where masks or index tensors are involved.</param>
        /// <param name="indices">The places.</param>
        /// <param name="accumulate">Whether the values are added: each one, also where a place is named several times.</param>
        public Tensor index_put_(Tensor value, TensorIndex[] indices, bool accumulate = false)
        {
            ArgumentNullException.ThrowIfNull(value);
            ArgumentNullException.ThrowIfNull(indices);
            var (view, selection) = Resolve("index_put_", indices);
            using (Temporary(view))
            {
                if (selection is not null)
                {
                    view.PutInPlace("index_put_", selection, value, accumulate);
                }
                else if (accumulate)
                {
                    view.add_(value);
                }
                else
                {
                    using var fitting = WithoutLeadingOnes(value, view.Rank);
                    view.copy_(fitting);
                }
            }

            return this;
        }

        /// <summary>This tensor with values written to the places that an index expression names, or added there.</summary>
        public Tensor index_put(Tensor value, TensorIndex[] indices, bool accumulate = false) => clone().index_put_(value, indices, accumulate);

        /// <summary>This tensor with values written to the places that masks and index tensors name, or added there.</summary>
        public Tensor index_put(Tensor value, Tensor[] indices, bool accumulate = false) => clone().index_put_(value, indices, accumulate);

        /// <summary>The selected elements as a new tensor.</summary>
        internal Tensor Take(string name, Selection selection)
        {
            var result = Allocate(dtype, selection.ResultShape);
            Indexing.Read(selection, this, result);
            return Graph.Record(name, result, [this], [], (_, gradient) => [Scattered(name, gradient, selection)]);
        }

        /// <summary>A copy of this tensor with values, which broadcast to the selection's result shape, written to or added at the selected places.</summary>
        internal Tensor Put(string name, Selection selection, Tensor value, bool accumulate)
        {
            CheckPut(name, selection, value);
            var result = Allocate(dtype, Shape);
            Copying.Copy(this, result);
            using (var stretched = value.detach().expand(selection.ResultShape))
            {
                PutInto(result, selection, stretched, accumulate);
            }

            return Graph.Record(name, result, [this, value], [], (node, gradient) =>
            [
                !node.Needs(0) ? null : accumulate ? gradient : gradient.Put(name, selection, Zeros(gradient.dtype), false),
                node.Needs(1) ? gradient.Take(name, selection).SumTo(node.InputShape(1)) : null,
            ]);
        }

        /// <summary>The same in this very tensor.</summary>
        internal Tensor PutInPlace(string name, Selection selection, Tensor value, bool accumulate)
        {
            CheckPut(name, selection, value);
            if (Graph.IsRecording(this, value))
            {
                return ApplyInPlace(name, self => self.Put(name, selection, value, accumulate), value);
            }

            CheckInPlace(name);

            // The values may lie in the very memory that is written to.
            using var apart = ReferenceEquals(value.Storage, Storage) ? value.clone() : value.detach();
            using var stretched = apart.expand(selection.ResultShape);
            PutInto(this, selection, stretched, accumulate);
            Storage.Changed();
            return this;
        }

        /// <summary>Zeros of the source's shape with values added at the selected places: the gradient of <see cref="Take"/>.</summary>
        internal static Tensor Scattered(string name, Tensor values, Selection selection)
        {
            var result = Zeros(values.dtype, selection.SourceShape);
            Indexing.Add(selection, values, result);
            return Graph.Record(name, result, [values], [], (_, gradient) => [gradient.Take(name, selection)]);
        }

        /// <summary>A number as a tensor of this type without dimensions.</summary>
        internal Tensor Number(Scalar value)
        {
            ArgumentNullException.ThrowIfNull(value);
            return Zeros(dtype).fill_(value);
        }

        private static void PutInto(Tensor target, Selection selection, Tensor values, bool accumulate)
        {
            if (accumulate)
            {
                Indexing.Add(selection, values, target);
            }
            else
            {
                Indexing.Write(selection, values, target);
            }
        }

        private void CheckPut(string name, Selection selection, Tensor value)
        {
            if (value.dtype != dtype)
            {
                throw Errors.Of(name, $"requires the source and destination dtypes match, got {dtype} for the destination and {value.dtype} for the source");
            }

            var (from, to) = (value.Shape, selection.ResultShape);
            var fits = from.Length <= to.Length;
            for (var d = 1; d <= from.Length && fits; d++)
            {
                fits = from[^d] == 1 || from[^d] == to[^d];
            }

            if (!fits)
            {
                throw Errors.Of(name, $"shape mismatch: value tensor of shape {Shapes.Text(value.Shape)} cannot be broadcast to indexing result of shape {Shapes.Text(selection.ResultShape)}");
            }
        }

        private static TensorIndex[] AsIndices(Tensor[] indices)
        {
            ArgumentNullException.ThrowIfNull(indices);
            return Array.ConvertAll(indices, index => index is null ? TensorIndex.Colon : TensorIndex.Tensor(index));
        }

        private void SetIndexed(TensorIndex[] indices, Tensor value)
        {
            ArgumentNullException.ThrowIfNull(value);
            index_put_(value, indices, false);
        }

        private Tensor SelectAll(params ReadOnlySpan<long> indices)
        {
            if (indices.Length > Rank)
            {
                throw Errors.Of("index", $"too many indices ({indices.Length}) for a tensor of shape {Shapes.Text(Shape)}");
            }

            if (indices.Length == 0)
            {
                return alias();
            }

            var view = select(0, indices[0]);
            foreach (var at in indices[1..])
            {
                using var outer = view;
                view = outer.select(0, at);
            }

            return view;
        }

        private void SetSelected(Tensor value, params ReadOnlySpan<long> indices)
        {
            ArgumentNullException.ThrowIfNull(value);
            using var view = SelectAll(indices);
            using var fitting = WithoutLeadingOnes(value, view.Rank);
            view.copy_(fitting);
        }

        private static Tensor WithoutLeadingOnes(Tensor value, int rank)
        {
            var surplus = 0;
            while (value.Rank - surplus > rank && value.Shape[surplus] == 1)
            {
                surplus++;
            }

            return surplus == 0 ? value.Handle() : value.reshape(value.Shape[surplus..]);
        }

        private Tensor? Temporary(Tensor view) => ReferenceEquals(view, this) ? null : view;

        // The view (or this tensor itself) that numbers, ranges and new dimensions give, and what masks and index tensors select from it.
        private (Tensor View, Selection? Selection) Resolve(string name, TensorIndex[] indices)
        {
            var named = indices.Sum(index => index.Kind switch
            {
                TensorIndex.IndexKind.Single or TensorIndex.IndexKind.Slice => 1,
                TensorIndex.IndexKind.Tensor => IsMask(index.Indices!) ? index.Indices!.Rank : 1,
                _ => 0,
            });
            if (named > Rank)
            {
                throw Errors.Of(name, $"too many indices ({named}) for a tensor of shape {Shapes.Text(Shape)}");
            }

            if (indices.Count(index => index.Kind == TensorIndex.IndexKind.Ellipsis) > 1)
            {
                throw Errors.Of(name, $"an index can only have a single ellipsis; the shape was {Shapes.Text(Shape)}");
            }

            using var scope = NewDisposeScope();
            var view = this;
            var lists = new List<(int, Tensor)>();
            var d = 0;
            foreach (var index in indices)
            {
                switch (index.Kind)
                {
                    case TensorIndex.IndexKind.Single:
                        view = view.select(d, index.Start ?? 0);
                        break;
                    case TensorIndex.IndexKind.Slice:
                        view = view.slice(d++, index.Start ?? 0, index.Stop ?? long.MaxValue, index.Step ?? 1);
                        break;
                    case TensorIndex.IndexKind.Ellipsis:
                        d += Rank - named;
                        break;
                    case TensorIndex.IndexKind.None or TensorIndex.IndexKind.Null:
                        view = view.unsqueeze(d++);
                        break;
                    case TensorIndex.IndexKind.Bool:
                        view = view.unsqueeze(d);
                        lists.Add((d++, Zeros(ScalarType.Int64, index.Start ?? 0)));
                        break;
                    default:
                        var tensor = index.Indices!;
                        if (IsMask(tensor))
                        {
                            if (tensor.Rank == 0)
                            {
                                view = view.unsqueeze(d);
                                tensor = tensor.reshape(1);
                            }

                            for (var i = 0; i < tensor.Rank; i++)
                            {
                                if (tensor.Shape[i] != view.Shape[d + i])
                                {
                                    throw Errors.Of(name, $"the shape of the mask {Shapes.Text(tensor.Shape)} at index {i} does not match the shape of the indexed tensor {Shapes.Text(view.Shape)} at index {d + i}");
                                }
                            }

                            foreach (var list in tensor.nonzero().unbind(1))
                            {
                                lists.Add((d++, list));
                            }
                        }
                        else if (tensor.Rank == 0 && ScalarTypes.IsInteger(tensor.dtype))
                        {
                            view = view.select(d, tensor.ToScalar().AsInt64);
                        }
                        else
                        {
                            lists.Add((d++, tensor));
                        }

                        break;
                }
            }

            var selection = lists.Count == 0 ? null : Selection.ByLists(name, view.Shape, lists, allowNegative: true);
            return (ReferenceEquals(view, this) ? view : view.MoveToOuterDisposeScope(), selection);
        }

        // PyTorch takes bytes for masks too.
        private static bool IsMask(Tensor tensor) => tensor.dtype is ScalarType.Bool or ScalarType.Byte;
    }
}
