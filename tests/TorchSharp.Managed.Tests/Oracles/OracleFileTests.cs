namespace TorchSharp.Tests.Oracles;

public class OracleFileTests
{
    [Fact]
    public void Every_family_can_be_read_and_names_each_case_once()
    {
        Assert.NotEmpty(OracleFile.Families);
        foreach (var family in OracleFile.Families)
        {
            var cases = OracleFile.Read(family);
            Assert.NotEmpty(cases);
            Assert.Equal(cases.Count, cases.Select(one => one.Name).Distinct().Count());
            foreach (var one in cases)
            {
                Assert.True(one.Throws || one.Outputs.Length > 0, one.Name);
                Assert.True(one.Gradients.Length == 0 || one.Gradients.Length == one.Inputs.Length, one.Name);
            }
        }
    }

    [Fact]
    public void Numbers_come_back_as_PyTorch_wrote_them()
    {
        var linspace = OracleFile.Read("creation").First(one => one.Operation == "linspace");
        Assert.Equal(new[] { 0f, 0.25f, 0.5f, 0.75f, 1f }, linspace.Outputs[0].Values);
        Assert.Equal([5L], linspace.Outputs[0].Shape);
    }
}
