using System.Globalization;
using System.Reflection;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Microsoft.DotNet.Interactive.Formatting.Defaults;

/// <summary>Values that are one piece of text: numbers, strings, dates, enums, types, exceptions. Always in the invariant culture.</summary>
internal static class Scalar
{
    private static readonly Type[] ShownByToString =
    [
        typeof(string), typeof(bool), typeof(char), typeof(IFormattable), typeof(Uri), typeof(StringBuilder), typeof(Regex), typeof(Index), typeof(Range), typeof(MemberInfo),
        typeof(Delegate), typeof(Exception), typeof(Task), typeof(FileSystemInfo), typeof(CultureInfo), typeof(Encoding), typeof(JsonElement), typeof(JsonNode),
        typeof(ReadOnlyMemory<char>), typeof(Memory<char>), typeof(Assembly), typeof(Pointer), typeof(FailedGetter),
    ];

    public static bool Is(Type type)
    {
        var actual = Nullable.GetUnderlyingType(type) ?? type;
        return actual.IsPrimitive || actual.IsEnum || ShownByToString.Any(known => known.IsAssignableFrom(actual));
    }

    public static string TextOf(object value) => value switch
    {
        DateTime time => time.ToString("u", CultureInfo.InvariantCulture),
        DateTimeOffset time => time.ToString("u", CultureInfo.InvariantCulture),
        Type type => TypeName.Of(type),
        Delegate function => TypeName.Of(function.GetType()),
        Exception exception => TextOfException(exception),
        Task task => TextOfTask(task),
        Memory<char> text => text.ToString(),
        IFormattable formattable => formattable.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString() ?? string.Empty,
    };

    private static string TextOfException(Exception exception)
    {
        var text = new StringBuilder($"{TypeName.Of(exception.GetType())}: {exception.Message}");
        for (var inner = exception.InnerException; inner is not null; inner = inner.InnerException)
        {
            text.Append("\n ---> ").Append(TypeName.Of(inner.GetType())).Append(": ").Append(inner.Message);
        }

        return text.ToString();
    }

    /// <summary>A task is not awaited here; what is known of it is said. Nothing that changes from run to run, as its id would.</summary>
    private static string TextOfTask(Task task)
    {
        var result = task.GetType().GetProperty("Result");
        var hasResult = task.IsCompletedSuccessfully && result is not null && result.PropertyType.Name != "VoidTaskResult";
        var state = task switch
        {
            { IsCanceled: true } => "canceled",
            { IsFaulted: true } => $"failed: {task.Exception.InnerException?.Message}",
            { IsCompletedSuccessfully: true } when hasResult => $"completed: {result!.GetValue(task).ToDisplayString()}",
            { IsCompletedSuccessfully: true } => "completed",
            _ => "running",
        };
        return $"{(hasResult ? $"Task<{TypeName.Of(result!.PropertyType)}>" : "Task")} ({state})";
    }
}
