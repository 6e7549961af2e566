using System.Text.Json;
using System.Text.Json.Serialization;

namespace TransformerTutorial.Models;

/// <summary>A <see cref="TransformerConfiguration"/> as text: JSON with a member for each property, names in camelCase, kinds by name. What a file leaves out has its usual value; what no configuration has is refused.</summary>
internal static class TransformerConfigurationFile
{
    private static readonly JsonSerializerOptions Options = new()
    {
        WriteIndented = true,
        NewLine = "\n",
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        AllowDuplicateProperties = false,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false) },
    };

    /// <summary>The configuration as JSON.</summary>
    public static string Write(TransformerConfiguration configuration) => JsonSerializer.Serialize(configuration, Options);

    /// <summary>The configuration that a text holds.</summary>
    /// <exception cref="InvalidDataException">The text is no configuration, or one that cannot be built; the message says where and why.</exception>
    public static TransformerConfiguration Read(string json)
    {
        try
        {
            var configuration = JsonSerializer.Deserialize<TransformerConfiguration>(json, Options) ?? throw new JsonException("It is null.");
            configuration.Validate();
            return configuration;
        }
        catch (Exception error) when (error is JsonException or ArgumentException)
        {
            throw new InvalidDataException($"This is no configuration of a Transformer: {error.Message}", error);
        }
    }
}
